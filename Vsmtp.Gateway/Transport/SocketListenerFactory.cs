using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Vsmtp.Gateway.Transport;

/// <summary>
/// Listens for SMTP in Kestrel's place, with sockets that read when they are asked to. Kestrel's own reads ahead in small pieces, which
/// costs two changes of hands per command and undoes the pacing of receivers (docs/design/014-speed.md). HTTP stays with Kestrel's.
/// </summary>
internal sealed class SocketListenerFactory(GatewayOptions options) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint ip && options.Listeners.Contains(ip);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            return ValueTask.FromResult<IConnectionListener>(new SocketListener(endpoint));
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(taken.Message, taken);
        }
    }
}
