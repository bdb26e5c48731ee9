/** What somebody typed into the form of a channel, read: the fields of its kind come from one list. */
import { CHANNEL_KINDS, type ChannelKindForm } from '../alert/channel-kinds.ts';
import { unfitProblem } from '../alert/event-types.ts';
import { type ChannelInput, channelInput } from '../contract/channel.ts';
import { fieldErrors } from '../contract/path.ts';
import type { StoredChannel } from '../store/outbox.ts';
import { text } from './panel.tsx';

/** As they came: whatever is no text counts as left out. */
type FormFields = Readonly<Record<string, unknown>>;

export type ChannelKindName = keyof typeof CHANNEL_KINDS;

/** By field; `labels` and `events` hold a glob a line. */
export type Typed = Readonly<Record<string, string>>;
/** What is wrong, by field. */
export type Problems = Readonly<Record<string, string>>;

export type ReadForm =
  | { input: ChannelInput; problems: null }
  | { input: null; problems: Problems };

export function kindNamed(name: string | undefined): ChannelKindName | null {
  return name !== undefined && Object.hasOwn(CHANNEL_KINDS, name)
    ? (name as ChannelKindName)
    : null;
}

/** As the form shows it. Secrets are never shown, not even those just typed. */
export function typedOf(form: FormFields, kind: ChannelKindName): Typed {
  const names = [...plainFields(CHANNEL_KINDS[kind]), 'name', 'labels', 'events'];
  return Object.fromEntries(names.map((name) => [name, text(form[name]) ?? '']));
}

/** What a channel is like now, as the form shows it. */
export function typedFrom({ target, labels, events }: StoredChannel): Typed {
  const { kind, ...settings } = target;
  const own = plainFields(CHANNEL_KINDS[kind]).map((name) => {
    const value = (settings as Record<string, unknown>)[name];
    return [name, typeof value === 'string' ? value : ''];
  });
  const globs = { labels: (labels ?? []).join('\n'), events: (events ?? []).join('\n') };
  return { ...Object.fromEntries(own), ...globs };
}

export function readForm(form: FormFields, kind: ChannelKindName): ReadForm {
  const own = CHANNEL_KINDS[kind].fields.flatMap(({ name, required }) => {
    const value = (text(form[name]) ?? '').trim();
    return value === '' && !required ? [] : [[name, value]];
  });
  const given = { kind, ...Object.fromEntries(own), ...globsOf(form, 'labels', 'events') };
  const parsed = channelInput.safeParse(given);
  if (!parsed.success) {
    const found = fieldErrors(parsed.error).map(({ path, message }) => [fieldOf(path), message]);
    // The first of each field: what stands below follows from it, mostly.
    return { input: null, problems: Object.fromEntries(found.reverse()) };
  }
  for (const glob of parsed.data.events ?? []) {
    const problem = unfitProblem(glob);
    if (problem) return { input: null, problems: { events: `${glob} ${problem}` } };
  }
  return { input: parsed.data, problems: null };
}

function plainFields({ fields }: ChannelKindForm): string[] {
  return fields.filter(({ type }) => type !== 'secret').map(({ name }) => name);
}

/** A glob a line; none is all. */
function globsOf(form: FormFields, ...names: string[]): Record<string, string[]> {
  const found = names.flatMap((name) => {
    const lines = (text(form[name]) ?? '').split(/\r?\n/).map((line) => line.trim());
    const globs = lines.filter((line) => line !== '');
    return globs.length > 0 ? [[name, globs]] : [];
  });
  return Object.fromEntries(found);
}

/** `events[2]` → `events` */
function fieldOf(path: string): string {
  return /^\w*/.exec(path)![0];
}
