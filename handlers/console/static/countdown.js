// The seconds a sign-in code has left.
const place = document.getElementById("countdown");
const end = performance.now() + Number(place?.dataset.seconds ?? 0) * 1000;

function tick() {
  const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  place.textContent = `${left} 秒`;
  if (left > 0) setTimeout(tick, 250);
}

if (place) tick();
