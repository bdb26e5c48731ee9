/** Signing in with a key of the service. */
import type { Assets } from '../assets.ts';
import type { PageContext } from '../page.ts';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  back: string;
  wrong?: 'wrong' | 'too-often';
}

const WORDS = {
  wrong: 'The service has no such key.',
  'too-often': 'Too many wrong keys came. Wait a minute, then try again.',
};

export function SignInPage({ page, assets, back, wrong }: Props) {
  return (
    <Shell page={page} assets={assets} title="Sign in">
      <h1>Sign in</h1>
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
          {WORDS[wrong]}
        </p>
      )}
    </Shell>
  );
}
