/** Where nothing is there yet: what that means, and what to do next. */
import type { PropsWithChildren } from 'hono/jsx';

export function Empty({ what, children }: PropsWithChildren<{ what: string }>) {
  return (
    <div class="empty">
      <strong>{what}</strong>
      {children && <div>{children}</div>}
    </div>
  );
}
