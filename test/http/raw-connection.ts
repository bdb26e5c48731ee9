/** A connection by hand: what is sent is sent as it stands, and answers are read only where a test does. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RawConnection {
  socket: Socket;
  /** The first answer, once there is one. */
  answer(): Promise<{ status: number; head: string; body: string }>;
}

export async function rawConnection(url: string, sent: string): Promise<RawConnection> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(sent);
  return {
    socket,
    async answer() {
      let text = '';
      for await (const part of socket) {
        text += part;
        const end = text.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
        if (end < 0 || text.length < end + 4 + length) continue;
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
        return { status, head: text.slice(0, end), body: text.slice(end + 4) };
      }
      throw new Error(`it ended after: ${text}`);
    },
  };
}

/** The head of a request of spans in JSON. */
export function headOf(path: string, length: number): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    'content-type: application/json',
    `content-length: ${length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
