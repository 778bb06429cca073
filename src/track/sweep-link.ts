/** @file The link that a run is seen by. */
import { databricksLink, sweepLink } from './links.ts';
import { viewKey } from './saved-view.ts';
import type { Place } from './session.ts';
import type { TrackingTarget } from './target.ts';

/** The address is the one that the client found. */
export const sweepLinkOf = (
  { uri: named, workspace }: TrackingTarget,
  uri: string,
  { experimentId, parentId }: Place,
): string =>
  named.startsWith('databricks')
    ? databricksLink(uri, experimentId)
    : sweepLink(uri, experimentId, viewKey(parentId), workspace);
