import type { Outcome, Severity } from '../record/outcomes';

/** The title of a notice: `[DRILL] ESCALATED: restart-instance i-0123456789abcdef0`. */
export function subjectOf(
  { drill, outcome, playbook }: { drill: boolean; outcome: Outcome; playbook: string },
  target: string,
): string {
  return `${drill ? '[DRILL] ' : ''}${outcome}: ${playbook} ${target}`;
}

/** A title as the subject of an email: its first word is the severity, `PAGE ESCALATED: …`; only a drill says so before it. */
export function subjectLine(title: string, severity: Severity): string {
  const [, drill = '', rest = ''] = /^(\[DRILL\] )?(.*)$/s.exec(title) ?? [];
  return asciiOf(`${drill}${severity.toUpperCase()} ${rest}`);
}

/** A valid SNS subject: less than 100 characters without line breaks or control characters (API reference, Publish); ASCII, for email. */
export function asciiOf(subject: string): string {
  return subject.replace(/[^\x20-\x7E]/g, '?').slice(0, 99);
}

/**
 * Adds to an incident the subject of the page that is sent if its record cannot be written. It is prepared in advance:
 * the page itself runs no code and can use only the state.
 * @param target the target of the incident if it is not an instance
 */
export function pageable<Incident extends { drill: boolean; playbook: string; instanceId?: string | undefined }>(
  incident: Incident,
  target: string = incident.instanceId ?? 'run',
): Incident & { pageSubject: string } {
  return { ...incident, pageSubject: subjectLine(subjectOf({ ...incident, outcome: 'ESCALATED' }, target), 'page') };
}
