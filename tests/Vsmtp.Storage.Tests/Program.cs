using Vsmtp.Storage.Tests.Crash;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The runner of these tests, or the process that CrashTests starts and kills.
return args switch
{
    [MailWriter.Verb, var path, var seed] => await MailWriter.RunAsync(path, int.Parse(seed)),
    _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
        await TestPlatformTestFramework.RunAsync(args, Vsmtp.Storage.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await ConsoleRunner.Run(args),
};
