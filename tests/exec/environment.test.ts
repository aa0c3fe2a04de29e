import { expect, test } from 'vitest';
import { hostEnvironment, loginsOf } from '../../src/exec/environment.ts';

const operator = {
  PATH: '/usr/bin',
  HOME: '/home/alice',
  LC_ALL: 'ja_JP.UTF-8',
  SSH_AUTH_SOCK: '/tmp/agent',
  XDG_CONFIG_HOME: '/home/alice/.config',
  FLY_API_TOKEN: 'fo1_abcdefgh',
  DOCKER_HOST: 'unix:///run/docker.sock',
  RENDER_API_KEY: 'rnd_abcdefgh',
  NODE_OPTIONS: '--inspect',
  LD_PRELOAD: '/tmp/evil.so',
  BASH_ENV: '/tmp/evil.sh',
  PGPASSWORD: 'hunter2hunter2',
  DATABASE_URL: 'postgres://a:b@c/d',
  AWS_SECRET_ACCESS_KEY: 'abcdefgh',
  TERM: 'xterm-256color',
  EMPTY: undefined,
};

test('a child knows the operator’s place and logins, and nothing else', () => {
  expect(hostEnvironment(operator)).toEqual({
    PATH: '/usr/bin',
    HOME: '/home/alice',
    LC_ALL: 'ja_JP.UTF-8',
    SSH_AUTH_SOCK: '/tmp/agent',
    XDG_CONFIG_HOME: '/home/alice/.config',
    FLY_API_TOKEN: 'fo1_abcdefgh',
    DOCKER_HOST: 'unix:///run/docker.sock',
    RENDER_API_KEY: 'rnd_abcdefgh',
    TERM: 'dumb',
    NO_COLOR: '1',
    FLY_NO_UPDATE_CHECK: '1',
  });
});

test('the logins among it are secrets', () => {
  expect(loginsOf(operator).map((secret) => secret.name)).toEqual(['FLY_API_TOKEN', 'RENDER_API_KEY']);
});
