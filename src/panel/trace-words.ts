/** Traces and their attributions in words, in the zone of the page. */
import type { StoredTrace } from '../store/store.ts';
import { attributionSentence, type TimesInWords } from '../words/attribution.ts';
import { modelText, unmappedSentence } from '../words/trace-label.ts';
import { cutLine } from './cut-line.ts';
import { visible } from './visible.ts';
import { exact } from './when.ts';

const LONGEST_MODEL = 80;
/** With both ends: ids of one OTLP trace begin alike, and ids that are counted up end alike. */
const SHORT_ID = { longest: 20, head: 10, tail: 8 };

/** The day and the zone once, where both are the same: `2026-11-17 10:02:11 before and 10:02:41 UTC`. */
export function timesIn(zone: string): TimesInWords<number> {
  return {
    one: (time) => exact(time, zone),
    two(first, second, between) {
      const [a, b] = [partsOf(exact(first, zone)), partsOf(exact(second, zone))];
      const day = a.day === b.day ? '' : `${b.day} `;
      const firstZone = a.zone === b.zone ? '' : ` ${a.zone}`;
      return `${a.day} ${a.time}${firstZone}${between}${day}${b.time} ${b.zone}`;
    },
  };
}

function partsOf(text: string): { day: string; time: string; zone: string } {
  const [day = '', time = '', ...zone] = text.split(' ');
  return { day, time, zone: zone.join(' ') };
}

/** What is to be said of a trace first of all. */
export function traceSentence(
  { label, origin, attribution }: Pick<StoredTrace, 'label' | 'origin' | 'attribution'>,
  zone: string,
): string {
  if (label === null) return unmappedSentence(origin, attribution.declaredBlobId, model);
  return attributionSentence(attribution, timesIn(zone));
}

/** `unmapped: gpt-4o`. */
export function unmappedText({ origin }: Pick<StoredTrace, 'origin'>): string {
  return `unmapped: ${modelText(origin, model)}`;
}

function model(text: string): string {
  return cutLine(text, LONGEST_MODEL);
}

/** Both ends of a long id. */
export function shortTraceId(id: string): string {
  const { longest, head, tail } = SHORT_ID;
  const chars = [...id];
  if (chars.length <= longest) return visible(id);
  return visible(`${chars.slice(0, head).join('')}…${chars.slice(-tail).join('')}`);
}
