/** @file The link that a run is seen by. */
import { withoutCredentials } from '../spec/index.ts';
import { sweepLink } from './links.ts';
import { viewKey } from './saved-view.ts';
import type { Place } from './session.ts';
import type { TrackingTarget } from './target.ts';

export const sweepLinkOf = ({ uri }: TrackingTarget, { experimentId, parentId }: Place): string =>
  sweepLink(withoutCredentials(uri), experimentId, viewKey(parentId));
