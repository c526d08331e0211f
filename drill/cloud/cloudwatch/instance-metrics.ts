import type { Ec2Instance, StatusCheck } from '../ec2/instance';
import { INSTANCE_METRICS } from '../ec2/spec';
import { symptomAt } from '../ec2/symptoms';
import type { MetricName, Series, World } from './metric';

const DAY_MS = 86_400_000;

/** The series EC2 itself reports for an instance, computed from the instance's history; none for any other metric. */
export function instanceSeries({ namespace, metricName, dimensions }: MetricName, world: World): Series | null {
  if (namespace !== 'AWS/EC2' || Object.keys(dimensions).length !== 1) return null;
  const instance = world.ec2.find(dimensions.InstanceId ?? '');
  if (!instance || !INSTANCE_METRICS.includes(metricName as (typeof INSTANCE_METRICS)[number])) return null;
  if (metricName.startsWith('StatusCheckFailed')) {
    const checks = checksOf(metricName);
    return { value: (at) => checkFailed(instance, checks, at) };
  }
  const resolutionSeconds = instance.spec.monitoring === 'enabled' ? 60 : 300;
  const seed = hashOf(`${instance.id} ${metricName} `);
  return { resolutionSeconds, value: (at) => load(instance, metricName, at, seed) };
}

function checksOf(metricName: string): readonly StatusCheck[] {
  if (metricName === 'StatusCheckFailed') return ['Instance', 'System', 'AttachedEBS'];
  return [metricName.slice('StatusCheckFailed_'.length) as StatusCheck];
}

function checkFailed(instance: Ec2Instance, checks: ReturnType<typeof checksOf>, at: number): number | null {
  if (instance.stateAt(at) !== 'running') return null;
  return checks.some((check) => instance.statusCheck(check, at) === 'impaired') ? 1 : 0;
}

/** Base level, a daily rhythm and noise; or the symptom's value. Nothing is reported unless the instance is running. */
function load(instance: Ec2Instance, metricName: string, at: number, seed: number): number | null {
  if (instance.stateAt(at) !== 'running') return null;
  const { cpuPercent, networkBytes } = instance.spec.load;
  const symptom = symptomAt(instance.courses, metricName, at);
  const noise = noiseAt(seed, at);
  const rhythm = 1 + 0.25 * Math.sin((2 * Math.PI * (at % DAY_MS)) / DAY_MS);
  const normal = metricName === 'CPUUtilization' ? cpuPercent : networkBytes;
  const level = symptom ? symptom.value * (1 + 0.01 * noise) : normal * rhythm * (1 + 0.15 * noise);
  return metricName === 'CPUUtilization' ? Math.min(100, level) : Math.round(level);
}

/** FNV-1a of a text, or of more of it. */
function hashOf(text: string, before = 0x811c9dc5): number {
  let hash = before;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}

/** `hashOf(String(at), before)` for an instant of 13 digits: without the text, which took most of a month's drill. */
function hashOfDigits(at: number, before: number): number {
  if (!(at >= 1e12 && at < 1e13 && Number.isInteger(at))) return hashOf(String(at), before);
  const head = Math.floor(at / 1e7);
  let hash = before;
  for (let left = head, unit = 100_000; unit >= 1; unit = (unit / 10) | 0) {
    hash = Math.imul(hash ^ (48 + ((left / unit) | 0)), 0x01000193);
    left %= unit;
  }
  for (let left = at - head * 1e7, unit = 1_000_000; unit >= 1; unit = (unit / 10) | 0) {
    hash = Math.imul(hash ^ (48 + ((left / unit) | 0)), 0x01000193);
    left %= unit;
  }
  return hash;
}

/** A number in [-1, 1) that depends on the seed and the instant alone, so that a metric reads the same whenever it is read. */
function noiseAt(seed: number, at: number): number {
  let hash = hashOfDigits(at, seed);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 31 - 1;
}
