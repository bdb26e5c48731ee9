/** Signing in with a key of the service. */
import type { Assets } from '../assets.ts';
import type { PageContext } from '../page.ts';
import { Shell } from '../shell.tsx';

/** Why one is here: what became of a key, or of a form. */
export type Why = 'wrong' | 'too-often' | 'form-undone' | 'not-kept';

interface Props {
  page: PageContext;
  assets: Assets;
  back: string;
  why?: Why | undefined;
}

const WORDS = {
  wrong: 'The service has no such key.',
  'too-often': 'Too many wrong keys came. Wait a minute, then try again.',
};

export function SignInPage({ page, assets, back, why }: Props) {
  const wrong = why === 'wrong' || why === 'too-often' ? WORDS[why] : null;
  return (
    <Shell page={page} assets={assets} title="Sign in">
      <h1>Sign in</h1>
      {why === 'form-undone' && <FormUndone />}
      {why === 'not-kept' && <NotKept />}
      <p>
        With one of the keys in <code>UNDERLABEL_KEYS</code>. What you may do depends on its role:
        read, ingest, review or admin.
      </p>
      <form method="post" action="/sign-in" class="fields">
        <input type="hidden" name="back" value={back} />
        <label>
          <span>Key</span>
          <input
            name="key"
            type="password"
            required
            autocomplete="current-password"
            size={40}
            aria-describedby={wrong ? 'wrong' : undefined}
            aria-invalid={wrong ? 'true' : undefined}
          />
        </label>
        <button type="submit" class="main">
          Sign in
        </button>
      </form>
      {wrong && (
        <p id="wrong" class="error" role="alert">
          {wrong}
        </p>
      )}
    </Shell>
  );
}

function FormUndone() {
  return (
    <div class="notice alarm" role="alert">
      <p>You were signed out, so nothing was done with the form. Sign in and send it again.</p>
    </div>
  );
}

function NotKept() {
  return (
    <div class="notice alarm" role="alert">
      <p>
        Your browser did not keep the session, so you are not signed in: this page came over plain
        http, and a session with another machine is kept over https only. Put the service behind a
        proxy that speaks TLS, or open the panel through a tunnel as a page of your own machine:{' '}
        <code>ssh -L 4318:127.0.0.1:4318 HOST</code>, then <code>http://127.0.0.1:4318/</code>.
      </p>
    </div>
  );
}
