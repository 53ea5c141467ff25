"""The hand that moves the phones and the weather: JSON for tests, for the demo and for the phones in the browser."""
