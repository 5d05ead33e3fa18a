// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// node otlp_collector.mjs [GRPC_PORT HTTP_PORT]: a collector made of other people's parts: gRPC's own server and the message
// definitions of OpenTelemetry's packages. Without ports it takes free ones. Prints {"grpc": PORT, "http": PORT}, and then
// one line for each batch of spans, decoded.
// The header x-test says how to answer: partial | unavailable | exhausted (with RetryInfo) | unauthenticated | invalid.
import { createRequire } from 'node:module';
import http from 'node:http';
import grpc from '@grpc/grpc-js';

const require = createRequire(import.meta.url);
const root = require('@opentelemetry/otlp-transformer/build/src/generated/root.js');
const { ExportTraceServiceRequest, ExportTraceServiceResponse } = root.opentelemetry.proto.collector.trace.v1;
const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');

// As text, whatever does not fit into JSON: ids in hex, 64-bit numbers in decimal.
const plain = (value) => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === 'object' && 'low' in value && 'high' in value) {
    return ((BigInt(value.high) << 32n) | BigInt(value.low >>> 0)).toString();
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.keys(value).map((key) => [key, plain(value[key])]));
  }
  return value;
};
const answer = (mode) => ExportTraceServiceResponse.encode(
  mode === 'partial' ? { partialSuccess: { rejectedSpans: 1, errorMessage: 'one span is too old' } } : {}).finish();

// google.rpc.Status{3: Any{1: type, 2: RetryInfo{1: Duration{1: 2 s}}}}, written out: no package here defines it.
const retryType = 'type.googleapis.com/google.rpc.RetryInfo';
const retryInfo = Buffer.concat([Buffer.from([0x1a, retryType.length + 8, 0x0a, retryType.length]),
  Buffer.from(retryType), Buffer.from([0x12, 4, 0x0a, 2, 0x08, 2])]);

const exportTraces = (call, done) => {
  const metadata = call.metadata.getMap();
  say({ via: 'grpc', headers: metadata, deadline: call.getDeadline() - Date.now(), request: plain(call.request) });
  const fail = (code, details, extra) => done({ code, details, metadata: extra });
  if (metadata['x-test'] === 'unavailable') return fail(grpc.status.UNAVAILABLE, 'busy: 100 % é');
  if (metadata['x-test'] === 'unauthenticated') return fail(grpc.status.UNAUTHENTICATED, `bad ${metadata.authorization}`);
  if (metadata['x-test'] === 'invalid') return fail(grpc.status.INVALID_ARGUMENT, 'no such thing');
  if (metadata['x-test'] === 'exhausted') {
    const extra = new grpc.Metadata();
    extra.set('grpc-status-details-bin', retryInfo);
    return fail(grpc.status.RESOURCE_EXHAUSTED, 'slow down', extra);
  }
  return done(null, answer(metadata['x-test']));
};

const grpcServer = new grpc.Server();
grpcServer.addService({
  Export: {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: (request) => Buffer.from(ExportTraceServiceRequest.encode(request).finish()),
    requestDeserialize: (bytes) => ExportTraceServiceRequest.decode(bytes),
    responseSerialize: (bytes) => Buffer.from(bytes),
    responseDeserialize: (bytes) => bytes,
  },
}, { Export: exportTraces });

const httpServer = http.createServer((request, reply) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    say({ via: 'http', path: request.url, headers: request.headers,
      request: plain(ExportTraceServiceRequest.decode(Buffer.concat(parts))) });
    const mode = request.headers['x-test'];
    if (mode === 'unavailable') {
      reply.writeHead(503, { 'retry-after': '2' }).end('busy');
    } else if (mode === 'unauthenticated') {
      reply.writeHead(401, { 'content-type': 'text/plain' }).end(`bad ${request.headers.authorization}`);
    } else if (mode === 'invalid') {
      reply.writeHead(400, { 'content-type': 'text/plain' }).end('no such thing');
    } else {
      reply.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(answer(mode));
    }
  });
});

const [grpcWanted, httpWanted] = process.argv.slice(2).map(Number);
grpcServer.bindAsync(`127.0.0.1:${grpcWanted || 0}`, grpc.ServerCredentials.createInsecure(), (error, grpcPort) => {
  if (error) throw error;
  httpServer.listen(httpWanted || 0, '127.0.0.1', () => say({ grpc: grpcPort, http: httpServer.address().port }));
});
process.stdin.on('end', () => process.exit(0)).resume();
