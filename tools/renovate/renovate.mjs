// Runs one of Renovate's programs: `renovate`, or `config-validator`.
const [name] = process.argv.splice(2, 1)
await import(`renovate/dist/${name}.js`)
