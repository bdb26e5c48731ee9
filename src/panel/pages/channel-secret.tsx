/** The secret that was made for a channel: on this page once, and never again. */
import type { Assets } from '../assets.ts';
import { type PageContext, pathTo } from '../page.ts';
import { Copy } from '../parts/copy.tsx';
import { Shell } from '../shell.tsx';

interface Props {
  page: PageContext;
  assets: Assets;
  name: string;
  secret: string;
}

export function ChannelSecretPage({ page, assets, name, secret }: Props) {
  // The page is the answer to a form: `here` would be nowhere to come back to.
  const path = pathTo('alerts', 'channels', name);
  return (
    <Shell page={{ ...page, here: path }} assets={assets} title={`Secret of ${name}`} room="alerts">
      <h1>The channel {name} is saved</h1>
      <div class="notice care">
        <p>
          <strong>Its signing secret is shown this once.</strong> Give it to the receiver, which
          checks signatures with it (Standard Webhooks). Lost, another one is set on the channel’s
          page.
        </p>
        <p>
          <code>{secret}</code> <Copy text={secret} what="the secret" />
        </p>
      </div>
      <p>
        <a href={path}>To the channel, and its test</a>
      </p>
    </Shell>
  );
}
