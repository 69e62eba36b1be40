// Beats once a second, in a worker: a page in the background is only let run once a minute.
setInterval(() => postMessage(0), 1000);
