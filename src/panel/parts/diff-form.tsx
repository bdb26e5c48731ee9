/** What is compared, and how: sent, it computes. */
import type { DiffProblems, DiffSide, TypedDiff } from '../diff-form.ts';
import { hintOf } from '../given-time.ts';
import { may, type PageContext } from '../page.ts';
import { Field } from './field.tsx';

interface Props {
  page: PageContext;
  typed: TypedDiff;
  problems: DiffProblems;
}

export function DiffForm({ page, typed, problems }: Props) {
  const wrong = Object.keys(problems).length > 0;
  return (
    <form method="post" action="/diffs" id="sides">
      <input type="hidden" name="label" value={typed.label} />
      {wrong && (
        <p class="error" role="alert">
          Nothing was compared: what is marked below can not be taken as it is.
        </p>
      )}
      {problems.label && <p class="error">Label: {problems.label}</p>}
      <div class="columns">
        <SideFields side="before" {...{ page, typed, problems }} />
        <SideFields side="after" {...{ page, typed, problems }} />
      </div>
      <div class="fields">
        <FieldList typed={typed} problem={problems.fields} />
        <Field
          name="minEffect"
          words="Small is up to (points)"
          value={typed.minEffect || '5'}
          problem={problems.minEffect}
          hint="A change within it is “changed, but little”"
          size={8}
          most={20}
        />
      </div>
      <fieldset class="choices">
        <legend>Traces that count</legend>
        <Check
          name="provisional"
          words="Also those that no later reading confirms yet (provisional)"
          typed={typed}
        />
        <Check
          name="across"
          words="A side may be of several artifacts (what it shows is of all of them together)"
          typed={typed}
        />
        {may(page, 'review') && (
          <Check
            name="hold"
            words="Keep all traces of both sides from retention as long as the report is kept"
            typed={typed}
            problem={problems.hold}
          />
        )}
      </fieldset>
      <p>
        <button type="submit" class="main">
          Compare
        </button>{' '}
        <span class="soft small">
          takes up to a minute with very many traces; the browser waits for the report
        </span>
      </p>
    </form>
  );
}

function SideFields({ side, page, typed, problems }: Props & { side: DiffSide }) {
  return (
    <fieldset>
      <legend>{side === 'before' ? 'Before' : 'After'}</legend>
      <Field
        name={side}
        words="Artifact, Blob ID or day"
        value={typed[side]}
        problem={problems[side]}
        size={44}
        most={100}
      />
      <details open={typed[`${side}From`] !== '' || typed[`${side}To`] !== ''}>
        <summary>or from when to when</summary>
        <p class="soft small">{hintOf(page.zone)}</p>
        <div class="fields">
          <Field
            name={`${side}From`}
            words={`${side === 'before' ? 'Before' : 'After'}: from`}
            value={typed[`${side}From`]}
            problem={problems[`${side}From`]}
            most={100}
          />
          <Field
            name={`${side}To`}
            words={`${side === 'before' ? 'Before' : 'After'}: to`}
            value={typed[`${side}To`]}
            problem={problems[`${side}To`]}
            most={100}
          />
        </div>
      </details>
    </fieldset>
  );
}

function FieldList({ typed, problem }: { typed: TypedDiff; problem: string | undefined }) {
  return (
    <div class="field">
      <label for="fields-field">
        <span>Fields of the output that decide beside the decision, by path, one a line</span>
      </label>
      <div id="fields-hint" class="soft small">
        Such as <code>$.score</code> or <code>$.legs[0].price number</code>; fields that nobody
        names are compared too, and decide nothing.
      </div>
      <textarea
        id="fields-field"
        name="fields"
        rows={2}
        cols={40}
        spellcheck={false}
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? 'fields-hint fields-problem' : 'fields-hint'}
      >
        {typed.fields}
      </textarea>
      {problem && (
        <div id="fields-problem" class="error small">
          Fields: {problem}
        </div>
      )}
    </div>
  );
}

function Check({
  name,
  words,
  typed,
  problem,
}: {
  name: 'provisional' | 'across' | 'hold';
  words: string;
  typed: TypedDiff;
  problem?: string | undefined;
}) {
  return (
    <div>
      <label>
        <input type="checkbox" name={name} value="yes" checked={typed[name] === 'yes'} /> {words}
      </label>
      {problem && <div class="error small">{problem}</div>}
    </div>
  );
}
