/** The form of a channel: the fields of its kind, as the list of kinds has them, and what it is told of. */
import { CHANNEL_KINDS } from '../../alert/channel-kinds.ts';
import type { ChannelKindName, Problems, Typed } from '../channel-form.ts';
import { Field } from './field.tsx';

interface Props {
  action: string;
  kind: ChannelKindName;
  /** False: it is made, and needs a name. */
  exists: boolean;
  typed: Typed;
  problems: Problems;
  submit: string;
}

export function ChannelForm({ action, kind, exists, typed, problems, submit }: Props) {
  const { does, fields } = CHANNEL_KINDS[kind];
  return (
    <form method="post" action={action}>
      <p class="soft">{does}</p>
      {Object.keys(problems).length > 0 && (
        <p class="error" role="alert">
          Nothing was saved: {Object.keys(problems).join(', ')} can not be taken as it is.
        </p>
      )}
      <input type="hidden" name="kind" value={kind} />
      <div class="fields">
        {!exists && (
          <Field
            name="name"
            words="Name"
            value={typed.name ?? ''}
            problem={problems.name}
            hint="A-Z a-z 0-9 . _ -, up to 100 characters"
            most={100}
            required
          />
        )}
        {fields.map(({ name, words, type, required, hint }) => (
          <Field
            name={name}
            words={words}
            type={type === 'secret' ? 'password' : type}
            value={type === 'secret' ? '' : (typed[name] ?? '')}
            problem={problems[name]}
            hint={hint}
            required={required}
            size={50}
            most={2000}
          />
        ))}
      </div>
      <div class="fields">
        <Globs
          name="labels"
          words="Labels"
          hint="A glob a line, such as og/*; empty: all. Events about no label pass."
          typed={typed}
          problems={problems}
        />
        <Globs
          name="events"
          words="Events"
          hint="A glob over their types a line, such as underlabel.change.*; empty: all"
          typed={typed}
          problems={problems}
        />
      </div>
      <button type="submit" class="main">
        {submit}
      </button>
    </form>
  );
}

function Globs({
  name,
  words,
  hint,
  typed,
  problems,
}: {
  name: string;
  words: string;
  hint: string;
  typed: Typed;
  problems: Problems;
}) {
  const problem = problems[name];
  return (
    <div class="field">
      <label>
        <span>{words}</span>
        <textarea
          name={name}
          rows={4}
          cols={40}
          spellcheck={false}
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={problem ? `${name}-hint ${name}-problem` : `${name}-hint`}
        >
          {typed[name] ?? ''}
        </textarea>
      </label>
      <div id={`${name}-hint`} class="soft small">
        {hint}
      </div>
      {problem && (
        <div id={`${name}-problem`} class="error small">
          {words}: {problem}
        </div>
      )}
    </div>
  );
}
