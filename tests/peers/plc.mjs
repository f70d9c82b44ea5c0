// A directory of DIDs on loopback: the real @did-plc/server with the database in memory that it brings for
// tests, and a journal beside it, because accounts must outlive a server that is killed.
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'

const { Database, PlcServer } = createRequire(import.meta.url)('@did-plc/server')
const { PLC_PORT, PLC_JOURNAL } = process.env

const database = Database.mock()
const accept = database.validateAndAddOp.bind(database)
for (const line of fs.existsSync(PLC_JOURNAL) ? fs.readFileSync(PLC_JOURNAL, 'utf8').split('\n') : []) {
  if (line) await accept(...JSON.parse(line))
}
database.validateAndAddOp = async (did, operation) => {
  await accept(did, operation)
  fs.appendFileSync(PLC_JOURNAL, `${JSON.stringify([did, operation])}\n`)
}

// Its own start() would listen on every interface.
http.createServer(PlcServer.create({ db: database, port: Number(PLC_PORT) }).app).listen(Number(PLC_PORT), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
