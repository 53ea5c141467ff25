// A photo opens large in a dialog; without this script its link opens it alone.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-photo]");
  const box = document.getElementById("lightbox");
  if (!link || !box || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  const picture = box.querySelector("img");
  picture.src = link.href;
  picture.alt = link.dataset.photo;
  box.showModal();
}, true);
