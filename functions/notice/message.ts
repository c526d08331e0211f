import type { Severity } from '../record/outcomes';
import { oneLine } from '../shared/plain-text';
import { subjectLine } from './subject';

/** A notice in the forms of its channels: subject and text for people and pagers, and the chat form for Amazon Q. */
export interface Notice {
  subject: string;
  text: string;
  chat: string;
  /** Sent as a message attribute, so that a subscription can filter on it. */
  severity: Severity;
}

/** A notice before it has the form of a channel. */
export interface Message {
  /** Chat groups the messages of one thread. */
  thread: string;
  /** Unique per message; by default the thread. */
  id?: string;
  title: string;
  /** Symbol before the title in chat. */
  mark?: string;
  text: string;
  /** The text as Markdown if some of it is markup; without it, all of the text is shown as it is. */
  markdown?: string;
  summary?: string;
  severity: Severity;
  nextSteps?: string[];
  keywords?: string[];
  eventType?: string;
  relatedResources?: string[];
  /** What chat needs for its buttons (functions/notice/chat-actions.ts). */
  context?: Record<string, string>;
}

/**
 * A text from outside as text in the Markdown of chat clients, on one line. The backslash is escaped with the rest, so that
 * nothing can take an escape back, and so is what begins a heading, a list or an entity.
 */
export function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\*_~`<>|[\]()@#!&]/g, (mark) => `\\${mark}`)
    .replace(/^[-+=]/, (mark) => `\\${mark}`)
    .replace(/^(\d+)\./, '$1\\.');
}

/** Lines of ours with text from outside in them, as Markdown: each stays one line. */
export const plainLines = (lines: readonly string[]): string => lines.map(plain).join('\n');

/** The mark of a drill is ours, and so are its brackets. */
const plainTitle = (title: string) => {
  const [, drill = '', rest = ''] = /^(\[DRILL\] )?(.*)$/s.exec(title) ?? [];
  return `${drill}${plain(rest)}`;
};

/**
 * Converts a message to the form of every channel. The chat form is Amazon Q Developer's custom notification, version 1.0,
 * which its Slack and Teams clients show (source: Amazon Q Developer in chat applications, "Custom notifications").
 */
export function toNotice(message: Message): Notice {
  const {
    thread,
    id = thread,
    title,
    mark,
    text,
    markdown = plainLines(text.split('\n')),
    summary = title,
    severity,
  } = message;
  const { nextSteps, keywords, eventType, relatedResources, context: additionalContext } = message;
  const chat = JSON.stringify({
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: (mark ? `${mark} ${plainTitle(title)}` : plainTitle(title)).slice(0, 250),
      // The schema allows 8,000 characters; the record has the rest.
      description: markdown.slice(0, 7_900),
      nextSteps: nextSteps?.map((one) => one.slice(0, 350)),
      keywords: keywords?.map((one) => one.slice(0, 75)),
    },
    metadata: {
      ...{ threadId: thread, summary: plainTitle(summary).slice(0, 250), eventType, relatedResources },
      additionalContext,
    },
  });
  return { subject: subjectLine(title, severity), text, chat, severity };
}
