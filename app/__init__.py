"""The machine room: settings, rules, gateways, jobs and the factory where they meet."""
