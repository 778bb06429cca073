/** @file The version that servers are told; a test holds it to package.json's. */
export const version = '0.1.0';
