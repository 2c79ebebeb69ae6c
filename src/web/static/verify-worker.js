/* A worker that fetches the files of a draw and checks them with digests.js and verify-core.js. ES2018. */
(function () {
  "use strict";
  var LAST = 0;

  function say(kind, more) {
    self.postMessage(Object.assign({ kind: kind }, more));
  }

  /* A file that is not public (or not made) is left out; the verifier says what that means. */
  async function load(base, name) {
    const answer = await fetch(base + "/" + name, { credentials: "same-origin" });
    if (answer.status === 404 || answer.status === 403) {
      return null;
    }
    if (!answer.ok) {
      throw new Error(name + ": " + answer.status);
    }
    return new Uint8Array(await answer.arrayBuffer());
  }

  async function run(job) {
    importScripts(job.digests, job.core);
    const files = {};
    for (let i = 0; i < job.names.length; i++) {
      say("load", { step: job.names[i], done: i, of: job.names.length });
      const bytes = await load(job.files, job.names[i]);
      if (bytes) {
        files[job.names[i]] = bytes;
      }
    }
    if (!files["population.tsv"] && files["leaves.tsv"]) {
      files["population.tsv"] = files["leaves.tsv"];
    }
    delete files["leaves.tsv"];
    const found = self.sishiDraw.verify(files, function (step, done, of) {
      const now = Date.now();
      if (now - LAST > 100) {
        LAST = now;
        say("step", { step: step, done: done, of: of });
      }
    });
    say("good", { found: found });
  }

  self.onmessage = function (event) {
    run(event.data).catch(function (wrong) {
      say("bad", { why: String(wrong && wrong.message || wrong) });
    });
  };
})();
