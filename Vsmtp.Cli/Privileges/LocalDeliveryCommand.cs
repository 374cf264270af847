using Vsmtp.Cli.Serving;
using Vsmtp.Delivery.Carrying;

namespace Vsmtp.Cli.Privileges;

/// <summary>
/// <c>vsmtp local-delivery LINK [GROUP]</c>: the carrier, which only <c>serve</c> starts. Apart from the other commands, so that little of the
/// program is in a process that may become any user.
/// </summary>
internal static class LocalDeliveryCommand
{
    public const string Name = "local-delivery";

    public static int Run(string[] arguments)
    {
        if (arguments is not [var text, .. { Length: <= 1 } group] || !CarrierLink.TryParse(text, out var link))
        {
            Console.Error.WriteLine($"error: {Name} is started by `vsmtp serve`, and by nobody else");
            return ExitCode.WrongUsage;
        }

        FilePermissions.OwnerOnly();
        try
        {
            Carrier.Run(link, group is [var name] ? name : null);
            return ExitCode.Done;
        }
        catch (UnauthorizedAccessException fault)
        {
            Console.Error.WriteLine($"error: {fault.Message}");
            return ExitCode.Failed;
        }
    }
}
