import type { Severity } from '../record/outcomes';
import { asciiOf } from './subject';

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
  /** The text as Markdown, if different. */
  markdown?: string;
  summary?: string;
  severity: Severity;
  nextSteps?: string[];
  keywords?: string[];
  eventType?: string;
  relatedResources?: string[];
}

/** Escapes characters with a meaning in the Markdown of chat clients: alarm names are text, not markup. */
export function plain(text: string): string {
  return text.replace(/[*_~`<>|[\]()@]/g, (mark) => `\\${mark}`);
}

/**
 * Converts a message to the form of every channel. The chat form is Amazon Q Developer's custom notification, version 1.0,
 * which its Slack and Teams clients show (source: Amazon Q Developer in chat applications, "Custom notifications").
 */
export function toNotice(message: Message): Notice {
  const { thread, id = thread, title, mark, text, markdown = text, summary = title, severity } = message;
  const { nextSteps, keywords, eventType, relatedResources } = message;
  const chat = JSON.stringify({
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: (mark ? `${mark} ${title}` : title).slice(0, 250),
      // The schema allows 8,000 characters; the record has the rest.
      description: markdown.slice(0, 7_900),
      nextSteps,
      keywords,
    },
    metadata: { threadId: thread, summary: summary.slice(0, 250), eventType, relatedResources },
  });
  return { subject: asciiOf(title), text, chat, severity };
}
