// What large bodies are measured against: node:http that writes what it is sent into a file of the folder it is given,
// waits for the disk to have it, and sends it from there.
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { pipeline } from "node:stream";

const [folder] = process.argv.slice(2);

const server = createServer((request, response) => {
  const path = join(folder, basename(request.url));
  const done = (error) => error && response.destroy(error);
  if (request.method === "GET") {
    response.writeHead(200, { "content-length": statSync(path).size });
    pipeline(createReadStream(path), response, done);
    return;
  }
  pipeline(request, createWriteStream(path, { flush: true }), (error) => {
    if (error) return done(error);
    response.writeHead(200, { "content-length": 0 });
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
