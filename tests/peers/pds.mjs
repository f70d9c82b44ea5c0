// A real personal data server of the AT Protocol (@atproto/pds) on loopback. What it is told stands in the
// environment, by its own names; the secrets here guard accounts of a test and nothing else.
import { createHash } from 'node:crypto'
import dns from 'node:dns'
import fs from 'node:fs'
import path from 'node:path'

const data = process.env.PDS_DATA_DIRECTORY
const secret = (name) => createHash('sha256').update(name).digest('hex')
const settings = {
  PDS_HOSTNAME: 'localhost', // so that it calls itself http://localhost:PORT
  PDS_SERVICE_HANDLE_DOMAINS: '.test',
  PDS_DEV_MODE: 'true', // http is enough
  PDS_DISABLE_SSRF_PROTECTION: 'true', // everybody it talks to is on this machine
  PDS_INVITE_REQUIRED: 'false',
  PDS_RATE_LIMITS_ENABLED: 'false',
  PDS_BLOBSTORE_DISK_LOCATION: path.join(data, 'blobs'),
  PDS_BLOBSTORE_DISK_TMP_LOCATION: path.join(data, 'blobs-arriving'),
  PDS_JWT_SECRET: secret('jwt'),
  PDS_DPOP_SECRET: secret('dpop'),
  PDS_ADMIN_PASSWORD: secret('admin'),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: secret('rotation'),
  LOG_ENABLED: '0',
}
Object.assign(process.env, settings)
fs.mkdirSync(settings.PDS_BLOBSTORE_DISK_LOCATION, { recursive: true })

// Whoever asks to be let in has a name, as outside: names of tests are all here. (Of names meant for examples it
// believes nothing, and a number is no name.)
const lookup = dns.lookup
dns.lookup = (name, ...rest) => lookup(name.endsWith('.internal') ? '127.0.0.1' : name, ...rest)

const { PDS } = await import('@atproto/pds')
const pds = await PDS.fromEnv()
// Its own start() would listen on every interface. Wrapped, not replaced: the stream of records hangs on the
// listen() that is there.
const listen = pds.app.listen.bind(pds.app)
pds.app.listen = (port) => listen(Number(port), '127.0.0.1')
await pds.start()
process.on('SIGTERM', () => pds.destroy().finally(() => process.exit(0)))
