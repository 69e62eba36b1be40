// Beats once a second, and says when to look for what is new, in a worker: a page in the background is only let run once a
// minute. The page says how often it looks.
const looking = (every) => setInterval(() => postMessage("look"), every);
let looks = looking(1600);
setInterval(() => postMessage("beat"), 1000);
addEventListener("message", ({ data }) => {
  clearInterval(looks);
  looks = looking(data);
});
