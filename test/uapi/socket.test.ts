// The layouts of messages and sockets, against the C library's headers by way of the C compiler.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import * as socket from '../../src/uapi/socket.ts';
import { judgeLibc } from './judge.ts';
import { numbers, probe, structsOf, wholeStruct } from './probes.ts';

const FDS = [0, 4, 8, 12, 64];

const probes = [
  ...structsOf(socket).flatMap((table) => wholeStruct(table)),
  probe('offsetof(struct sockaddr_un, sun_path)', socket.SockaddrUn.PATH_AT),
  probe('member_size(struct sockaddr_un, sun_path)', socket.SockaddrUn.PATH_BYTES),
  ...numbers('', socket.Socket),
  ...numbers('', socket.MessageFlag),
  ...FDS.map((bytes) => probe(`CMSG_LEN(${bytes})`, socket.controlLength(bytes))),
  ...FDS.map((bytes) => probe(`CMSG_SPACE(${bytes})`, socket.controlSpace(bytes))),
];

test('the tables are what the headers say', (ctx) => {
  if (spawnSync('gcc', ['--version']).status !== 0) return ctx.skip('there is no gcc');
  const said = judgeLibc(['stddef.h', 'sys/socket.h', 'sys/un.h', 'sys/uio.h'], probes);
  const wrong = probes.flatMap(({ c, expected }, i) =>
    said[i] === expected ? [] : [`${c} is ${said[i]}; the table says ${expected}`],
  );
  expect(wrong).toEqual([]);
  expect(said).toHaveLength(probes.length);
});
