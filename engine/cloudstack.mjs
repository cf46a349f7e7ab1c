#!/usr/bin/env node
// Stands in the repository because npm links a command only when its file is there before the build.
import "./dist/cloudstack.js";
