import type { Deed, Identity } from './deed';
import type { Kind } from './kinds';

/** The stop of an identity, in words and a command; names in it have been checked for what IAM accepts. */
function stopOf({ kind, name, iamName, accessKeyId }: Identity): string {
  if (kind === 'root')
    return 'Only root can stop root: change its password, delete its access keys, check its MFA; in a member account a service control policy denies it.';
  if (kind === 'user' && iamName) {
    const key = accessKeyId?.startsWith('AKIA') ? accessKeyId : '<access key>';
    return `To stop ${name}: aws iam update-access-key --user-name ${iamName} --access-key-id ${key} --status Inactive, and aws iam delete-login-profile --user-name ${iamName}.`;
  }
  if (kind === 'role' && iamName)
    return `To stop ${name}: revoke the sessions of the role ${iamName} in the IAM console, which affects everyone who uses it.`;
  return `To stop ${name}: find out where it logs in, and end its sessions there.`;
}

/** What would stop, or undo, what an alarm is about. Nothing of it is done. */
export function stopsOf(kind: Kind | undefined, deeds: readonly Deed[]): string[] {
  const stopped = deeds.filter(({ what, about, refused }) => what === 'StopLogging' && about && !refused).slice(0, 2);
  const byName = new Map(deeds.map(({ by }) => [by.name, by]));
  return [
    ...stopped.map(
      ({ about, region }) =>
        `To switch the trail on again: aws cloudtrail start-logging --name ${about} --region ${region}.`,
    ),
    ...(kind?.stop ? [kind.stop] : []),
    ...[...byName.values()].slice(0, 2).map(stopOf),
  ];
}
