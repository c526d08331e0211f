import type { CloudEvent } from '../cloud';
import { matchesPattern } from './pattern';
import { rateOf } from './schedule';
import { inputOf, patternOf, type Target, targetsOf } from './targets';
import { type StackResource, TemplateError } from './template';

/** How EventBridge behaves in this drill, beyond delivering each event once and in order. */
export interface Delivery {
  /** Simulated milliseconds from event to target. */
  delayMs: number;
  /** How often each event reaches each target: delivery is at least once. */
  copies: number;
  /** Up to this many further milliseconds for each copy, so that events overtake each other. */
  jitterMs: number;
  /** Names of rules whose target may not be invoked: their events go to the dead-letter queue. */
  deniedRules: readonly string[];
  /** From and until when (milliseconds from the start) the region is down: nothing there can be started. */
  downMs?: readonly [number, number] | undefined;
}

/** A message in a dead-letter queue, with the attributes that EventBridge adds. */
export interface DeadLetter {
  queueArn: string;
  ruleArn: string;
  targetArn: string;
  errorCode: string;
  errorMessage: string;
  event: CloudEvent;
  at: number;
}

/** One event that reached a target. */
export interface Delivered {
  rule: string;
  targetArn: string;
  event: CloudEvent;
  at: number;
}

export interface EventBusOptions {
  rules: readonly StackResource[];
  /**
   * Hands the event to the target. Throws when there is no such target; a promise that is rejected is a function that
   * failed, which Lambda tries twice more.
   */
  invokeTarget: (targetArn: string, input: unknown) => Promise<void> | undefined;
  /** Makes the event of a rule with a schedule. */
  scheduledEvent?: (rule: StackResource) => CloudEvent;
  delivery?: Partial<Delivery>;
  /** Numbers in [0, 1), for the jitter. */
  random: () => number;
  onDeadLetter?: (letter: DeadLetter) => void;
  /** Is told of every event that arrives, before it is delivered. */
  onArrival?: (event: CloudEvent) => void;
}

/** Lambda repeats a failed asynchronous invocation after one and two minutes. Source: Lambda developer guide, "Asynchronous invocation". */
const functionRetryDelaysMs = [60_000, 120_000];

/**
 * EventBridge tries a target that does not answer again for 24 hours and 185 times unless the target says otherwise, with
 * exponential backoff. Source: EventBridge user guide, "Retrying event delivery". How far the delays grow is not said.
 */
const retries = { ageSeconds: 86_400, attempts: 185, firstDelayMs: 1_000, longestDelayMs: 480_000 };

const once: Delivery = { delayMs: 500, copies: 1, jitterMs: 0, deniedRules: [] };

/** The default event bus of the account: events in, the template's rules, targets out. */
export class EventBus {
  readonly published: CloudEvent[] = [];
  readonly delivered: Delivered[] = [];
  readonly deadLetters: DeadLetter[] = [];
  readonly #options: EventBusOptions;
  readonly #delivery: Delivery;
  readonly #schedules: NodeJS.Timeout[] = [];
  readonly #begunAt = Date.now();
  #pending = 0;

  constructor(options: EventBusOptions) {
    this.#options = options;
    this.#delivery = { ...once, ...options.delivery };
    for (const rule of options.rules) {
      for (const target of targetsOf(rule)) {
        if (target.InputTransformer)
          throw new TemplateError(`${rule.logicalId}: InputTransformer is not supported in a drill`);
      }
    }
  }

  /** Begins to run the rules that have a schedule. */
  startSchedules(): void {
    const { rules, scheduledEvent } = this.#options;
    for (const rule of rules) {
      const { ScheduleExpression, State } = rule.properties;
      const every = ScheduleExpression === undefined ? undefined : rateOf(String(ScheduleExpression));
      if (every === undefined || State === 'DISABLED' || !scheduledEvent) continue;
      const run = () => {
        if (this.#isDown()) return;
        for (const target of targetsOf(rule)) this.#deliver(rule, target, scheduledEvent(rule));
      };
      this.#schedules.push(setInterval(run, every));
    }
  }

  /** Ends the schedules. */
  stop(): void {
    for (const schedule of this.#schedules.splice(0)) clearInterval(schedule);
  }

  /** Whether nothing is on its way to a target, and no function is still at work on an event. */
  get idle(): boolean {
    return this.#pending === 0;
  }

  /** Takes an event that another bus has forwarded, once it has come. */
  receive(event: CloudEvent): void {
    this.#pending += 1;
    setTimeout(() => {
      this.#pending -= 1;
      this.publish(event);
    }, this.#delivery.delayMs);
  }

  /** Takes an event and delivers it, later, to the targets of every rule that matches. */
  publish(event: CloudEvent): void {
    this.published.push(event);
    this.#options.onArrival?.(event);
    for (const rule of this.#options.rules) {
      const { EventPattern, State } = rule.properties;
      if (State === 'DISABLED' || EventPattern === undefined || !matchesPattern(patternOf(EventPattern), event))
        continue;
      for (const target of targetsOf(rule)) {
        for (let copy = 0; copy < this.#delivery.copies; copy += 1) this.#schedule(rule, target, event);
      }
    }
  }

  #schedule(rule: StackResource, target: Target, event: CloudEvent): void {
    const { delayMs, jitterMs } = this.#delivery;
    this.#pending += 1;
    setTimeout(
      () => {
        this.#pending -= 1;
        this.#deliver(rule, target, event);
      },
      delayMs + Math.floor(this.#options.random() * jitterMs),
    );
  }

  #deliver(rule: StackResource, target: Target, event: CloudEvent, attempt = 0): void {
    if (this.#delivery.deniedRules.includes(rule.ref)) {
      this.#bury(rule, target, event, 'NO_PERMISSIONS', 'The rule may not invoke its target.');
      return;
    }
    if (this.#isDown()) {
      this.#tryLater(rule, target, event, 0, Date.now());
      return;
    }
    // Source: EventBridge user guide, "Permissions for Amazon EventBridge targets": a state machine is started with the
    // role of the target; functions have a policy of their own.
    if (target.Arn.includes(':stateMachine:') && !target.RoleArn) {
      this.#bury(rule, target, event, 'NO_PERMISSIONS', 'The target has no role to start the state machine with.');
      return;
    }
    try {
      const work = this.#options.invokeTarget(target.Arn, inputOf(target, event));
      if (attempt === 0) this.delivered.push({ rule: rule.ref, targetArn: target.Arn, event, at: Date.now() });
      if (work) this.#await(work, rule, target, event, attempt);
    } catch (error) {
      this.#bury(rule, target, event, 'RESOURCE_NOT_FOUND', messageOf(error));
    }
  }

  #isDown(): boolean {
    const [from, to] = this.#delivery.downMs ?? [0, 0];
    const now = Date.now() - this.#begunAt;
    return now >= from && now < to;
  }

  /** Tries a target again that does not answer, until the event is too old or was tried too often. */
  #tryLater(rule: StackResource, target: Target, event: CloudEvent, tries: number, since: number): void {
    const { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: most } = target.RetryPolicy ?? {};
    const delay = Math.min(retries.longestDelayMs, retries.firstDelayMs * 2 ** tries);
    const isOver =
      tries >= Number(most ?? retries.attempts) ||
      Date.now() + delay - since > Number(age ?? retries.ageSeconds) * 1000;
    if (isOver) {
      this.#bury(rule, target, event, 'SERVICE_UNAVAILABLE', 'The target could not be reached.');
      return;
    }
    this.#pending += 1;
    setTimeout(() => {
      this.#pending -= 1;
      if (this.#isDown()) this.#tryLater(rule, target, event, tries + 1, since);
      else this.#deliver(rule, target, event);
    }, delay);
  }

  #await(work: Promise<void>, rule: StackResource, target: Target, event: CloudEvent, attempt: number): void {
    this.#pending += 1;
    const done = () => {
      this.#pending -= 1;
    };
    work.then(done, (error) => {
      const delay = functionRetryDelaysMs[attempt];
      if (delay === undefined) {
        done();
        this.#bury(rule, target, event, 'FUNCTION_FAILED', messageOf(error));
        return;
      }
      setTimeout(() => {
        done();
        this.#deliver(rule, target, event, attempt + 1);
      }, delay);
    });
  }

  /** Without a dead-letter queue EventBridge drops what it cannot deliver: the letter then has no queue. */
  #bury(rule: StackResource, target: Target, event: CloudEvent, errorCode: string, errorMessage: string): void {
    const queueArn = target.DeadLetterConfig?.Arn ?? '';
    const letter = {
      queueArn,
      ruleArn: rule.arn,
      targetArn: target.Arn,
      errorCode,
      errorMessage,
      event,
      at: Date.now(),
    };
    this.deadLetters.push(letter);
    this.#options.onDeadLetter?.(letter);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
