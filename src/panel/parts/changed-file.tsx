/** A file that changed: what is known of both sides, and what differs inside them. Weights are never compared. */
import type { ChangedFile, FileSide, Inside, Shapes } from '../../contract/artifact-diff.ts';
import type { ShownFile } from '../compare-room.ts';
import { bytesText, counted, grouped } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import { pathTo, withQuery } from '../page.ts';
import { Basis } from './inspection.tsx';
import { Word } from './word.tsx';

interface Props extends ShownFile {
  /** Of the comparison; null: it is the only file. */
  path: string | null;
  isAlone: boolean;
}

const LONGEST = 100;

export function ChangedFileSection({ file, index, rows, path, isAlone }: Props) {
  const { before, after, words, inside } = file;
  return (
    <section>
      <h3>{cutLine(file.path, isAlone ? 1100 : 160)}</h3>
      <p>{cutLine(words, 600)}</p>
      <dl class="facts">
        <dt>Before</dt>
        <dd>
          <Side side={before} />
        </dd>
        <dt>After</dt>
        <dd>
          <Side side={after} />
        </dd>
      </dl>
      {inside && <Lists file={file} inside={inside} rows={rows} />}
      {inside && path !== null && !isAlone && (
        <p class="small">
          <a href={withQuery(path, { file: index })}>This file alone</a>
        </p>
      )}
    </section>
  );
}

function Side({ side }: { side: FileSide }) {
  const { blobId, size, format, basis, tensors, parameters, problem } = side;
  const parts = [
    bytesText(size),
    ...(format === null || format === 'unknown' ? [] : [format === 'onnx' ? 'ONNX' : format]),
    ...(tensors === null ? [] : [counted(tensors, format === 'onnx' ? 'initializer' : 'tensor')]),
    ...(parameters === null ? [] : [counted(parameters, 'parameter')]),
  ];
  return (
    <>
      <a class="id small" href={pathTo('blobs', blobId)}>
        {blobId}
      </a>{' '}
      {parts.join(', ')}{' '}
      {basis === null ? (
        <Word
          word="not looked into"
          tone="open"
          shape="ring"
          title="Nothing of its inside is known"
        />
      ) : (
        <Basis basis={basis} />
      )}
      {problem !== null && (
        <div class={problem.startsWith('MISMATCH') ? 'error small' : 'small'}>
          {cutLine(problem, 400)}
        </div>
      )}
    </>
  );
}

function Lists({ file, inside, rows }: { file: ChangedFile; inside: Inside; rows: number }) {
  const noun = file.before.format === 'onnx' ? 'Initializer' : 'Tensor';
  const lines = [
    ...shapeLines(noun, inside.tensors, rows),
    ...shapeLines('Input', inside.inputs, rows),
    ...shapeLines('Output', inside.outputs, rows),
    ...few('Operator', 'changed', inside.operators, rows, ({ name, before, after }) => ({
      name,
      before: counted(before, 'node'),
      after: counted(after, 'node'),
    })),
    ...few('Fact', 'changed', inside.facts, rows, textLine),
    ...few('Metadata', 'changed', inside.metadata, rows, textLine),
  ];
  if (lines.length === 0) return null;
  return (
    <table class="cards">
      <caption>
        Inside: {counted(inside.tensors.unchanged, noun.toLowerCase())} with the same name, type and
        shape on both sides
      </caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Name</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ what, name, before, after }) =>
          name === null ? (
            <tr>
              <td colspan={4} class="soft">
                {what}
              </td>
            </tr>
          ) : (
            <tr>
              <td data-name="What" class="nowrap">
                {what}
              </td>
              <th scope="row">{cutLine(name, LONGEST)}</th>
              <td data-name="Before">{before === null ? <None /> : cutLine(before, LONGEST)}</td>
              <td data-name="After">{after === null ? <None /> : cutLine(after, LONGEST)}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

function None() {
  return <span class="soft">not there</span>;
}

interface Line {
  what: string;
  /** Null: a word on those that aren't shown. */
  name: string | null;
  before: string | null;
  after: string | null;
}

type Cell = Pick<Line, 'before' | 'after'> & { name: string };

function few<T>(
  noun: string,
  how: string,
  { count, items }: { count: number; items: readonly T[] },
  rows: number,
  cells: (item: T) => Cell,
): Line[] {
  const listed = items.slice(0, rows).map((item) => ({ what: `${noun} ${how}`, ...cells(item) }));
  const left = count - listed.length;
  if (left <= 0) return listed;
  const what = `and ${grouped(left)} more ${noun.toLowerCase()} ${how}`;
  return [...listed, { what, name: null, before: null, after: null }];
}

function shapeLines(noun: string, { added, removed, changed }: Shapes, rows: number): Line[] {
  return [
    ...few(noun, 'added', added, rows, (one) => ({
      name: one.name,
      before: null,
      after: typeText(one),
    })),
    ...few(noun, 'removed', removed, rows, (one) => ({
      name: one.name,
      before: typeText(one),
      after: null,
    })),
    ...few(noun, 'changed', changed, rows, (one) => ({
      name: one.name,
      before: typeText(one.before),
      after: typeText(one.after),
    })),
  ];
}

type Typed = Shapes['changed']['items'][number]['before'];

function typeText({ dtype, shape, kept }: Typed): string {
  const dims = shape === null ? '' : `[${shape.map((dim) => dim ?? '?').join(', ')}]`;
  return `${dtype}${dims}${kept === null ? '' : ` (${kept})`}`;
}

function textLine({ name, before, after }: Cell): Cell {
  return { name, before: quoted(before), after: quoted(after) };
}

function quoted(text: string | null): string | null {
  return text === null ? null : `"${text}"`;
}
