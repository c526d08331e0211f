import type { Check } from '../check';
import { enrolment } from './enrolment';
import { metrics } from './metrics';
import { optedIn } from './opted-in';
import { systemsManager } from './systems-manager';

/** What is asked about the instances that automation looks after. */
export const fleetChecks: Check[] = [optedIn, enrolment, metrics, systemsManager];
