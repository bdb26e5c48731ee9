/** An application that uses the client, never closes it, and comes to its end. Run by process.test.ts. */
import { createClient } from '../../src/client/index.ts';

process.on('unhandledRejection', () => process.exit(7));
const [url, label] = process.argv.slice(2) as [string, string];
const client = createClient({ url, labels: [label, 'unknown'] });
const { certainty, problem } = await client.tagWhenLoaded({ label });
process.stdout.write(JSON.stringify({ certainty, problem: problem?.code ?? null }));
