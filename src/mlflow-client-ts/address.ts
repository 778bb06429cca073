/** @file Addresses as texts: what is shown of them, what is added to them. */

export const withoutLastSlash = (uri: string): string => uri.replace(/\/+$/, '');

/** For messages: neither the user's name nor the signature in a query is anybody's business. */
export const withoutCredentials = (uri: string): string =>
  uri.replace(/:\/\/[^/?#]*@/, '://').replace(/\?.*$/s, '');
