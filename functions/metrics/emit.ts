import { Metrics } from '@aws-lambda-powertools/metrics';
import { catalogue, type DataPoint, namespace } from './catalogue';

let made: Metrics | undefined;

/** One an execution environment, made when the first number is written; it keeps numbers until then. */
export function metrics(): Metrics {
  made ??= new Metrics({ namespace, serviceName: 'incident-playbooks' });
  return made;
}

/**
 * Writes numbers in the embedded metric format, which CloudWatch takes from the log: no API call, nothing to wait for.
 * Source: CloudWatch user guide, "Embedding metrics within logs".
 */
export function emit(points: readonly DataPoint[], stage: string): void {
  const playbooks = new Set(points.map(({ playbook }) => playbook));
  for (const playbook of playbooks) {
    metrics().addDimensions({ Stage: stage, ...(playbook ? { Playbook: playbook } : {}) });
    for (const { name, value } of points.filter((point) => point.playbook === playbook)) {
      metrics().addMetric(name, catalogue.get(name)!.unit, value);
    }
    metrics().publishStoredMetrics();
  }
}
