/** A service with labels that moved and traces of them, and its pages as whoever asks for them sees them. */
import { artifactIdOf } from '../../src/lineage/manifest.ts';
import { filesNamed, labelPath, type UnderTest } from '../http/service-under-test.ts';

const BASE = Date.parse('2026-11-17T10:00:00Z');

/** The time so many seconds after 10:00 on 17 November 2026, UTC. */
export const at = (seconds: number) => new Date(BASE + seconds * 1000).toISOString();

/** Of the artifact of one blob of that name. */
export const artifactNamed = (name: string) =>
  artifactIdOf(filesNamed(name).map((file) => ({ ...file, size: null })));

/** A label that held each artifact (null: none) at its second. */
export async function history(
  service: UnderTest,
  label: string,
  ...readings: [artifact: string | null, second: number][]
): Promise<void> {
  const body = { source: { kind: 'push' }, clockSkew: '0s' };
  await service.ask('PUT', labelPath(label), body);
  for (const [artifact, second] of readings) {
    const times = { requestedAt: at(second), receivedAt: at(second + 0.25) };
    const said = artifact === null ? { absent: true } : { files: filesNamed(artifact) };
    const path = labelPath(label, '/observations?backfill=true');
    const { status, text } = await service.ask('POST', path, { ...times, ...said });
    if (status >= 300) throw new Error(text);
  }
}

/** Sends traces; each begins at its second and takes 200 ms, unless it says otherwise. */
export async function send(
  service: UnderTest,
  ...traces: ({ second?: number; label: string } & Record<string, unknown>)[]
): Promise<void> {
  const sent = traces.map(({ second = 0, ...trace }) => ({
    startedAt: at(second),
    endedAt: at(second + 0.2),
    ...trace,
  }));
  const { json } = await service.ask('POST', '/api/v1/traces', { traces: sent });
  if (json.rejected.length > 0) throw new Error(JSON.stringify(json.rejected));
}

export interface SeenPage {
  status: number;
  html: string;
  /** What is to be read on it: without markup, spaces drawn together. */
  text: string;
  headers: Headers;
  /** Where its links lead, each as the browser would ask for it. */
  links: string[];
}

export async function see(
  service: UnderTest,
  path: string,
  headers: Record<string, string> = {},
): Promise<SeenPage> {
  const answer = await fetch(service.url + path, {
    headers: { accept: 'text/html', ...headers },
    redirect: 'manual',
  });
  const html = await answer.text();
  const body = html.slice(html.indexOf('<main'), html.indexOf('</main>'));
  const links = [...body.matchAll(/<a [^>]*href="([^"]*)"/g)].map((match) => unescaped(match[1]!));
  const { status, headers: answered } = answer;
  return { status, html, text: textOf(body), headers: answered, links };
}

/** Tags between words are no spaces; those around blocks are. */
function textOf(html: string): string {
  const spaced = html.replace(
    /<\/?(td|th|tr|li|p|div|dt|dd|h\d|summary|text|option|caption|span)\b/g,
    ' $&',
  );
  return unescaped(spaced.replace(/<[^>]*>/g, '')).replace(/\s+/g, ' ');
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };

/** As a browser reads an attribute. */
export function unescaped(text: string): string {
  return text.replace(/&(lt|gt|quot|amp|#39);/g, (_, name: string) => ENTITIES[name]!);
}
