using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;

namespace Vsmtp.Delivery.Carrying;

/// <summary>One end of the sockets between the server and its carrier, open in this process.</summary>
/// <param name="Descriptors">The first tells that the other side lives; by each of the others goes one mail at a time.</param>
public sealed record CarrierLink(ImmutableArray<int> Descriptors)
{
    /// <summary>Mails that are carried at once.</summary>
    public const int Channels = 8;

    /// <summary>The environment variable that tells the server of its end.</summary>
    public const string Variable = "VSMTP_LOCAL_DELIVERY";

    /// <summary>What <see cref="ToString"/> gives.</summary>
    public static bool TryParse(string text, out CarrierLink link)
    {
        link = new CarrierLink([.. text.Split(',').Select(NumberOf)]);
        return link.Descriptors.Length is > 1 and <= Channels + 1 && link.Descriptors.All(number => number > 2);
    }

    public override string ToString() => string.Join(',', Descriptors);

    /// <summary>The sockets, from now on closed in what this process starts.</summary>
    /// <exception cref="SocketException">A number is that of no socket.</exception>
    internal Socket[] Open()
    {
        foreach (var number in Descriptors) Descriptor.KeepPrivate(number);
        return [.. Descriptors.Select(number => new Socket(new SafeSocketHandle(number, ownsHandle: true)))];
    }

    private static int NumberOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
