import type { StageSettings } from '../../drill/stage/machine';
import type { StageParams } from '../../packaging/stages';
import type { AccountClients } from './clients';
import type { Answer } from './line';

/** Where the stage is, as AWS knows the caller. */
export interface Place {
  account: string;
  region: string;
  /** For example `aws`. */
  partition: string;
  /** ARN of the caller. */
  caller: string;
}

/** What a check may ask. */
export interface Subject {
  stage: string;
  clients: AccountClients;
  place: Place;
  now: Date;
  /** What resources/stages.yml says of the stage; undefined if it is not valid. */
  params?: StageParams | undefined;
  /** How the deployed machines run; undefined before the first deployment, or if that could not be read. */
  settings?: StageSettings | undefined;
}

/** One thing that is asked of AWS or of this project. Changes nothing. */
export interface Check {
  id: string;
  what: string;
  /** Whether there is nothing to ask before the stage is deployed. */
  isOfStage?: true;
  ask: (subject: Subject) => Promise<Answer>;
}

/** The opt-in and the protected tag: as deployed, or else as they would be. */
export function tagsOf({ settings, params }: Subject): Pick<StageSettings, 'OPT_IN_TAG' | 'PROTECTED_TAG'> | undefined {
  if (settings) return settings;
  return params && { OPT_IN_TAG: params.optInTag, PROTECTED_TAG: params.protectedTag };
}

/** The ARN of something of the stage, for example of its topic `notices`. */
export const arnIn = ({ place, stage }: Subject, service: string, name: string): string =>
  `arn:${place.partition}:${service}:${place.region}:${place.account}:${name.replace('*', `incident-playbooks-${stage}`)}`;
