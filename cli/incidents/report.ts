import { SFNClient } from '@aws-sdk/client-sfn';
import { reportOnHistory } from '../../drill/replay/to-report';
import { projectRoot } from '../../drill/report/command';
import { definitionFinder } from '../../drill/report/definitions';
import { writeReports } from '../../drill/report/write';
import { follow } from '../../drill/stage/follow';
import { consoleLink } from '../../functions/notice/notice';
import { askStage, StageCallError } from '../ask-stage';
import type { IncidentWithTimeline } from './records';

/**
 * Writes the page of an incident: the history of its execution, and its record as the stage has it.
 * @returns the path of the page
 * @throws StageCallError if the incident has no execution, or Step Functions no longer has its history
 */
export async function writeReport(one: IncidentWithTimeline, stage: string, folder: string): Promise<string> {
  const { incidentId, executionId, playbook } = one;
  const what = `The page of ${incidentId} was not written`;
  if (!executionId.includes(':states:')) throw new StageCallError(`${what}: no execution belongs to this incident.`);
  const [, , , region = '', , , machine = ''] = executionId.split(':');
  const stopped = AbortSignal.abort();
  const options = { onEvent: () => {}, wait: async () => {}, signal: stopped };
  const history = await askStage(what, () => follow(new SFNClient({ region }), executionId, options));
  if (history.length === 0)
    throw new StageCallError(`${what}: Step Functions has no history of its execution (it keeps one for 90 days).`);
  const input = reportOnHistory({
    name: incidentId,
    story: `The incident of ${playbook} on stage ${stage}.`,
    origin: 'stage',
    setting: `stage ${stage}`,
    playbook,
    id: executionId,
    machine,
    history,
    definition: definitionFinder(projectRoot)(machine),
    consoleUrl: consoleLink(executionId, region),
  });
  const [page = ''] = await writeReports(folder, [{ ...input, incidents: [one] }]);
  return page;
}
