import { packageStage } from '../drill/packaging/package-stage';

/** Packages the stage that the drills of the tests run, once. */
export default async function setup(): Promise<void> {
  await packageStage('dev');
}
