using System.Diagnostics;
using System.Runtime.Versioning;
using Vsmtp.Delivery.Identities;
using Vsmtp.Delivery.Local;

namespace Vsmtp.Delivery.Tests.Identities;

/// <summary>What is left to a thread that has given up system calls; threads of the tests are root's, and end with each test.</summary>
[SupportedOSPlatform("linux")]
public sealed class SystemCallFilterTests
{
    private const uint Somebody = 54321;

    public SystemCallFilterTests()
    {
        if (!Credentials.IsSupported || Posix.EffectiveUser() != 0) Assert.Skip("Only root on 64-bit Linux can become other users.");
    }

    [Fact]
    public void Nobody_becomes_root_again() => OnThread(() =>
    {
        Credentials.GainNothing();
        SystemCallFilter.Apply(allThreads: false);
        Assert.Throws<UnauthorizedAccessException>(() => Credentials.SetUser(0));
        Assert.Throws<UnauthorizedAccessException>(() => Credentials.SetEffectiveUser(0));
        Assert.Throws<UnauthorizedAccessException>(() => Credentials.SetGroup(0));
        Credentials.SetGroups([Somebody]);
        Credentials.SetGroup(Somebody);
        Credentials.SetEffectiveUser(Somebody);
        Assert.Equal(Somebody, Posix.EffectiveUser());
        // Its real user is root, whom it could go back to without the filter.
        Assert.Throws<UnauthorizedAccessException>(() => Credentials.SetEffectiveUser(0));
        Assert.Equal(Somebody, Posix.EffectiveUser());
        Assert.Equal(uint.MaxValue, Posix.ActAsUser(0));       // setfsuid(2) gives the user of before, unless it is refused
    });

    [Fact]
    public void No_other_program_is_run() => OnThread(() =>
    {
        Credentials.GainNothing();
        using (var before = Process.Start("true")) before.WaitForExit();
        SystemCallFilter.Apply(allThreads: false);
        Assert.Contains("not permitted", Assert.ThrowsAny<Exception>(() => Process.Start("true")).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Who_could_still_gain_something_cannot_give_up_calls_without_root()
    {
        OnThread(() =>
        {
            Credentials.SetUser(Somebody);
            Assert.Throws<UnauthorizedAccessException>(() => SystemCallFilter.Apply(allThreads: false));
        });
        Assert.Equal(0u, Posix.EffectiveUser());
    }

    private static void OnThread(Action action)
    {
        Exception? fault = null;
        var thread = new Thread(() => fault = Record.Exception(action));
        thread.Start();
        thread.Join();
        if (fault is not null) throw new InvalidOperationException(fault.Message, fault);
    }
}
