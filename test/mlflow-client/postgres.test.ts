import { after, before, describe } from 'node:test';
import { postgresReason, startServer, type TestServer } from '../mlflow/server.ts';
import { createGround, type Ground, testClient } from './contract/index.ts';

describe('PostgreSQL', { skip: postgresReason ?? false }, () => {
  let server: TestServer;
  let ground: Ground;
  before(async () => {
    server = await startServer({ store: 'postgres' });
    ground = createGround(server.uri);
  });
  after(async () => {
    await ground.client.close();
    await server.stop();
  });
  testClient(() => ground);
});
