using Vsmtp.Faults.Running;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The runner of the short forms as tests, or what eng/faults calls.
return args switch
{
    [TableCommand.Verb, .. var options] => await TableCommand.RunAsync(options),
    _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
        await TestPlatformTestFramework.RunAsync(args, Vsmtp.Faults.SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await ConsoleRunner.Run(args),
};
