import type { Outcome } from '../record/outcomes';

/** The line above a notice: `[DRILL] ESCALATED: restart-instance i-0123456789abcdef0`. */
export function subjectOf(
  { drill, outcome, playbook }: { drill: boolean; outcome: Outcome; playbook: string },
  target: string,
): string {
  return `${drill ? '[DRILL] ' : ''}${outcome}: ${playbook} ${target}`;
}

/** As SNS takes a subject: less than 100 characters without line breaks or control characters (API reference, Publish); ASCII, which e-mail needs. */
export function asciiOf(subject: string): string {
  return subject.replace(/[^\x20-\x7E]/g, '?').slice(0, 99);
}

/**
 * Adds to an incident the subject under which a person is paged when its record cannot be written. It is made while
 * nothing has failed: the page itself runs no code, and can only take what the state has.
 * @param target what the incident is about when that is no instance
 */
export function pageable<Incident extends { drill: boolean; playbook: string; instanceId?: string | undefined }>(
  incident: Incident,
  target: string = incident.instanceId ?? 'run',
): Incident & { pageSubject: string } {
  return { ...incident, pageSubject: asciiOf(subjectOf({ ...incident, outcome: 'ESCALATED' }, target)) };
}
