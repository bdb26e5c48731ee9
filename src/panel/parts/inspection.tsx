/** What is inside a file, in a few words, and always what that rests on. */
import type { Inspection } from '../../inspect/inspection.ts';
import type { StoredInspection } from '../../store/blob.ts';
import { counted } from '../counted.ts';
import { cutLine } from '../cut-line.ts';
import { type Shape, type Tone, Word } from './word.tsx';

const BASES: Record<
  StoredInspection['basis'],
  { word: string; tone: Tone; shape: Shape; title: string }
> = {
  verified: {
    word: 'of verified bytes',
    tone: 'calm',
    shape: 'check',
    title: 'It was looked into bytes whose Blob ID was computed here',
  },
  unverified: {
    word: 'of unverified bytes',
    tone: 'open',
    shape: 'ring',
    title: 'An aggregator served these bytes; nothing has shown that they are the blob’s',
  },
};

export function Basis({ basis }: { basis: StoredInspection['basis'] }) {
  return <Word {...BASES[basis]} />;
}

export function insideText(inspection: Inspection): string {
  if ('error' in inspection) {
    const { code, message } = inspection.error;
    return `said to be ${inspection.format}, and could not be read (${code}): ${cutLine(message)}`;
  }
  switch (inspection.format) {
    case 'safetensors':
      return `safetensors: ${counted(Object.keys(inspection.tensors).length, 'tensor')}, ${counted(inspection.parameters, 'parameter')}`;
    case 'onnx':
      return `ONNX: ${counted(inspection.nodes, 'node')}, ${counted(inspection.parameters, 'parameter')}`;
    case 'unknown':
      return 'a format that is not looked into: size and Blob ID are all that is compared';
  }
}
