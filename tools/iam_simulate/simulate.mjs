// Reads one simulation in JSON from each line, and answers each with a line: the decision, or what is wrong with it.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await runSimulation(JSON.parse(line), {})
  const said = answer.resultType === 'error' ? { error: answer.errors } : { result: answer.overallResult }
  process.stdout.write(JSON.stringify(said) + '\n')
}
