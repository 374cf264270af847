using System.CommandLine;
using Vsmtp.Cli;
using Vsmtp.Cli.Checking;
using Vsmtp.Cli.Configurations;
using Vsmtp.Cli.Demo;
using Vsmtp.Cli.Explaining;
using Vsmtp.Cli.Privileges;
using Vsmtp.Cli.Queues;
using Vsmtp.Cli.RuleSets;
using Vsmtp.Cli.Serving;
using Vsmtp.Cli.Users;

// Before anything else of the program: see there.
if (args is [LocalDeliveryCommand.Name, .. var link]) return LocalDeliveryCommand.Run(link);

var root = new RootCommand("A mail platform: stateless gateways speak SMTP, every accepted mail is a durable grain, rules are written in vSL.")
{
    ServeCommand.Create(),
    CheckCommand.Create(),
    ConfigCommands.Create(),
    ExplainCommand.Create(),
    QueueCommands.Create(),
    QuarantineCommands.Create(),
    RulesCommands.Create(),
    UserCommands.Create(),
    DemoCommand.Create(),
};
var parsed = root.Parse(args);
// Longer than the server drains: cut off before, it would drop a message that is being read.
var status = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(45) });
return parsed.Errors.Count > 0 ? ExitCode.WrongUsage : status;
