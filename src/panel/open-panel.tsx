/** All pages of the panel, each at its path. */
import type { Hono } from 'hono';
import type { Store } from '../store/store.ts';
import { createPanel, type PanelMeans } from './panel.tsx';
import { type AlertMeans, alertRoutes } from './rooms/alerts.tsx';
import { type ArtifactMeans, artifactRoutes } from './rooms/artifact.tsx';
import { type BlobMeans, blobRoutes } from './rooms/blob.tsx';
import { changeRoutes } from './rooms/change.tsx';
import { changesRoutes } from './rooms/changes.tsx';
import { channelRoutes } from './rooms/channel.tsx';
import { compareRoutes } from './rooms/compare.tsx';
import { diffRoutes } from './rooms/diff.tsx';
import { type DiffMeans, diffsRoutes } from './rooms/diffs.tsx';
import { type LabelMeans, labelRoutes } from './rooms/label.tsx';
import { overviewRoutes } from './rooms/overview.tsx';
import { traceRoutes } from './rooms/trace.tsx';
import { tracesRoutes } from './rooms/traces.tsx';
import { unmappedRoutes } from './rooms/unmapped.tsx';

export interface PanelRooms
  extends PanelMeans,
    LabelMeans,
    AlertMeans,
    ArtifactMeans,
    BlobMeans,
    DiffMeans {
  store: Store;
}

export function openPanel(means: PanelRooms): Hono {
  const panel = createPanel(means);
  overviewRoutes(panel, means);
  labelRoutes(panel, means);
  tracesRoutes(panel, means);
  traceRoutes(panel, means);
  artifactRoutes(panel, means);
  blobRoutes(panel, means);
  compareRoutes(panel, means);
  changesRoutes(panel, means);
  changeRoutes(panel, means);
  alertRoutes(panel, means);
  channelRoutes(panel, means);
  unmappedRoutes(panel, means);
  diffsRoutes(panel, means);
  diffRoutes(panel, means);
  return panel.app;
}
