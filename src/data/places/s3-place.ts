/**
 * @file A prefix of a bucket in an S3-compatible store. Who and where come from the environment, as
 * the client reads it: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL, …
 */
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { DataPlace } from './place.ts';

export function s3Place(text: string): DataPlace {
  const [bucket = '', ...prefix] = text.slice('s3://'.length).split('/').filter(Boolean);
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  // Stores of one's own most often have no names of hosts for their buckets.
  const client = new S3Client({ forcePathStyle: endpoint !== undefined });
  const place = (folder: string, file: string) => ({
    Bucket: bucket,
    Key: [...prefix, folder, file].join('/'),
  });
  return {
    shown: text,
    async has(folder, file) {
      const head = new HeadObjectCommand(place(folder, file));
      return (await unlessMissing(client.send(head))) !== null;
    },
    async write(folder, file, content, length) {
      const Body = content();
      // In parts where it is large; an upload that breaks off leaves no object.
      const params = { ...place(folder, file), Body, ContentLength: length };
      await new Upload({ client, params }).done();
    },
    async read(folder, file) {
      const answer = await unlessMissing(client.send(new GetObjectCommand(place(folder, file))));
      if (answer === null) return null;
      if (!(answer.Body instanceof Readable)) throw new Error('internal: a body that is no stream');
      return answer.Body;
    },
  };
}

async function unlessMissing<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    const isMissing = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
    if (isMissing && error.name !== 'NoSuchBucket') return null;
    throw error;
  }
}
