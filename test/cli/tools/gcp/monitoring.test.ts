import { expect, test } from 'vitest';
import { errorRatioProblem } from '../../../../cli/steps/gcp/error-ratio.js';
import { googleRest } from '../../../../cli/tools/gcp/gcloud/google-rest.js';
import { openMonitoring } from '../../../../cli/tools/gcp/monitoring/open-monitoring.js';
import { fakeForTest } from '../../../support/fake-gcp/fake-for-test.js';
import { answerLog } from '../../../support/fake-gcp/services/monitoring/answer-log.js';

const { signal } = new AbortController();

test('what a revision answered is counted by Cloud Monitoring, from a moment on', async () => {
  const fake = await fakeForTest();
  const { accessToken, project } = fake.world;
  const tokens = { current: async () => await Promise.resolve(accessToken), forget: () => undefined };
  const rest = googleRest({ tokens, project, backoffSeconds: 0.01 });
  const monitoring = openMonitoring({ rest, endpoint: `${fake.url}/-/monitoring/v3`, project });
  const now = Date.now();
  const answer = (revision: string, status: number, secondsAgo: number) => {
    return { service: 'web', revision, status, at: new Date(now - secondsAgo * 1000) };
  };
  fake.world
    .state(answerLog)
    .push(
      answer('web-r1', 500, 50),
      answer('web-r2', 500, 300),
      answer('web-r2', 200, 40),
      answer('web-r2', 200, 30),
      answer('web-r2', 503, 20),
      answer('web-r2', 500, 10),
      answer('web-r2', 404, 5),
    );
  const since = new Date(now - 60_000);

  const asked = { service: 'web', since, signal };
  expect(await monitoring.answers({ ...asked, revision: 'web-r2' })).toEqual({ answers: 5, serverErrors: 2 });
  expect(await monitoring.answers({ ...asked, revision: 'web-r1' })).toEqual({ answers: 1, serverErrors: 1 });
  expect(await monitoring.answers({ ...asked, revision: 'web-r3' })).toEqual({ answers: 0, serverErrors: 0 });

  fake.fail({ service: 'monitoring', operation: 'projects.timeSeries.list', kind: '500', times: 1, skip: 0 });
  expect(await monitoring.answers({ ...asked, revision: 'web-r1' })).toEqual({ answers: 1, serverErrors: 1 });
  fake.fail({ service: 'monitoring', operation: 'projects.timeSeries.list', kind: 'denied', times: 1, skip: 0 });
  await expect(monitoring.answers({ ...asked, revision: 'web-r1' })).rejects.toMatchObject({
    code: 'EnvironmentNotReady',
  });
});

test.each([
  ['too few', { answers: 4, serverErrors: 4 }, undefined, undefined],
  ['a small part', { answers: 1000, serverErrors: 50 }, undefined, undefined],
  ['many', { answers: 1000, serverErrors: 51 }, undefined, '5.1 % of its 1000 answers were server errors'],
  ['as many as before', { answers: 100, serverErrors: 20 }, { answers: 1000, serverErrors: 100 }, undefined],
  [
    'more than before',
    { answers: 100, serverErrors: 21 },
    { answers: 1000, serverErrors: 100 },
    '21 % of its 100 answers were server errors, the one before 10 %',
  ],
  [
    'nothing before',
    { answers: 10, serverErrors: 10 },
    { answers: 0, serverErrors: 0 },
    '100 % of its 10 answers were server errors',
  ],
])('server errors: %s', (_what, now, before, problem) => {
  expect(errorRatioProblem(now, before)).toBe(problem);
});
