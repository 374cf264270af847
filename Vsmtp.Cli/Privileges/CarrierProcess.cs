using System.Net.Sockets;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Delivery.Identities;

namespace Vsmtp.Cli.Privileges;

/// <summary>Starts the carrier, as long as there is root's power to give it a part of.</summary>
internal static class CarrierProcess
{
    /// <summary>What a program needs of the environment to run at all; nothing that may be a secret.</summary>
    private static readonly string[] Passed = ["PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "LANG", "LC_ALL"];

    /// <summary>It says one word, by the first socket.</summary>
    private const int ReadyBytes = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="server">Whom the server is going to be; the carrier is the same user.</param>
    /// <param name="localGroup"><c>server.system.group_local</c>.</param>
    /// <returns>The server's end, open in the program that takes this one's place.</returns>
    /// <exception cref="PrivilegeException">It does not start.</exception>
    public static CarrierLink Start(ThreadIdentity server, string? localGroup)
    {
        var pairs = Enumerable.Range(0, CarrierLink.Channels + 1).Select(_ => Descriptor.MakePair()).ToList();
        var theirs = new CarrierLink([.. pairs.Select(pair => pair.Theirs)]);
        foreach (var descriptor in theirs.Descriptors) Descriptor.LetInherit(descriptor);
        string[] arguments = [LocalDeliveryCommand.Name, theirs.ToString(), .. localGroup is null ? Array.Empty<string>() : [localGroup]];
        OwnThread.Run(() =>
        {
            (server with { Groups = [], Kept = Carrier.Needed }).Assume();
            ProgramImage.Start(arguments, EnvironmentOf()).Dispose();
        });
        foreach (var descriptor in theirs.Descriptors) Descriptor.Close(descriptor);
        AwaitReady(pairs[0].Ours);
        foreach (var (ours, _) in pairs) Descriptor.LetInherit(ours);
        return new CarrierLink([.. pairs.Select(pair => pair.Ours)]);
    }

    /// <summary>Nobody may attach to it: whoever does could become anybody.</summary>
    private static Dictionary<string, string> EnvironmentOf()
    {
        var environment = Passed.Select(name => (name, value: Environment.GetEnvironmentVariable(name)))
            .Where(variable => variable.value is not null).ToDictionary(variable => variable.name, variable => variable.value!);
        environment["DOTNET_EnableDiagnostics"] = "0";
        return environment;
    }

    private static void AwaitReady(int descriptor)
    {
        // Not disposed of: the descriptor goes on to the next program.
        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false)) { ReceiveTimeout = (int)Patience.TotalMilliseconds };
        try
        {
            if (socket.Receive(new byte[ReadyBytes]) > 0) return;
        }
        catch (SocketException)
        {
            // The same as none.
        }

        throw new PrivilegeException("the process that delivers to accounts of this machine does not start");
    }
}
