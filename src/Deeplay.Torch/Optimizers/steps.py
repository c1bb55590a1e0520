# The steps of torch.optim's optimizers in TorchScript, which libtorch compiles and runs; no Python takes part. Each gets the
# parameters that have a gradient, all of one type and device, what is kept for each of them, and the optimizer's numbers.
# What is not kept is an empty list. Sources: the papers that Deeplay.Library's definitions name, PyTorch's documentation.


# The gradient that a step goes against, with the weight decay in it, or the parameter decayed apart from it.
def decayed(p: Tensor, g: Tensor, lr: float, weight_decay: float, decoupled: float, maximize: float) -> Tensor:
    if maximize != 0:
        g = g.neg()
    if weight_decay != 0:
        if decoupled != 0:
            p.mul_(1 - lr * weight_decay)
        else:
            g = g.add(p, alpha=weight_decay)
    return g


# The running means of the gradient and of its square; gives how many steps there were.
def moments(g: Tensor, step: Tensor, exp_avg: Tensor, exp_avg_sq: Tensor, beta1: float, beta2: float) -> float:
    exp_avg.lerp_(g, 1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(g, g, value=1 - beta2)
    return float(step.add_(1))


def adamw(params: List[Tensor], grads: List[Tensor], step: List[Tensor], exp_avg: List[Tensor],
          exp_avg_sq: List[Tensor], max_exp_avg_sq: List[Tensor], numbers: Tensor, first: bool):
    n: List[float] = numbers.tolist()
    torch._foreach_add_(step, 1)
    torch._fused_adamw_(params, grads, exp_avg, exp_avg_sq, max_exp_avg_sq, step, lr=n[0], beta1=n[1], beta2=n[2],
                        eps=n[3], weight_decay=n[4], amsgrad=n[5] != 0, maximize=n[6] != 0)


def adam(params: List[Tensor], grads: List[Tensor], step: List[Tensor], exp_avg: List[Tensor],
         exp_avg_sq: List[Tensor], max_exp_avg_sq: List[Tensor], numbers: Tensor, first: bool):
    n: List[float] = numbers.tolist()
    if n[7] != 0:
        adamw(params, grads, step, exp_avg, exp_avg_sq, max_exp_avg_sq, numbers, first)
    else:
        torch._foreach_add_(step, 1)
        torch._fused_adam_(params, grads, exp_avg, exp_avg_sq, max_exp_avg_sq, step, lr=n[0], beta1=n[1], beta2=n[2],
                           eps=n[3], weight_decay=n[4], amsgrad=n[5] != 0, maximize=n[6] != 0)


def sgd(params: List[Tensor], grads: List[Tensor], momentum_buffer: List[Tensor], numbers: Tensor, first: bool):
    n: List[float] = numbers.tolist()
    torch._fused_sgd_(params, grads, momentum_buffer, lr=n[0], momentum=n[1], dampening=n[2], weight_decay=n[3],
                      nesterov=n[4] != 0, maximize=n[5] != 0, is_first_step=first)


def rmsprop(params: List[Tensor], grads: List[Tensor], step: List[Tensor], square_avg: List[Tensor],
            momentum_buffer: List[Tensor], grad_avg: List[Tensor], numbers: Tensor, first: bool):
    n: List[float] = numbers.tolist()
    lr, alpha, eps, weight_decay, momentum, centered, maximize = n[0], n[1], n[2], n[3], n[4], n[5], n[6]
    for i in range(len(params)):
        p, squares = params[i], square_avg[i]
        g = decayed(p, grads[i], lr, weight_decay, 0.0, maximize)
        step[i].add_(1)
        squares.mul_(alpha).addcmul_(g, g, value=1 - alpha)
        root = squares
        if centered != 0:
            mean = grad_avg[i].lerp_(g, 1 - alpha)
            root = squares.addcmul(mean, mean, value=-1)
        root = root.sqrt().add_(eps)
        if momentum > 0:
            velocity = momentum_buffer[i].mul_(momentum).addcdiv_(g, root)
            p.add_(velocity, alpha=-lr)
        else:
            p.addcdiv_(g, root, value=-lr)


def adagrad(params: List[Tensor], grads: List[Tensor], step: List[Tensor], sum: List[Tensor], numbers: Tensor,
            first: bool):
    n: List[float] = numbers.tolist()
    lr, lr_decay, weight_decay, eps, maximize = n[0], n[1], n[2], n[3], n[4]
    for i in range(len(params)):
        p = params[i]
        g = decayed(p, grads[i], lr, weight_decay, 0.0, maximize)
        rate = lr / (1 + float(step[i]) * lr_decay)
        step[i].add_(1)
        sum[i].addcmul_(g, g, value=1)
        p.addcdiv_(g, sum[i].sqrt().add_(eps), value=-rate)


def nadam(params: List[Tensor], grads: List[Tensor], step: List[Tensor], mu_product: List[Tensor],
          exp_avg: List[Tensor], exp_avg_sq: List[Tensor], numbers: Tensor, first: bool):
    n: List[float] = numbers.tolist()
    lr, beta1, beta2, eps, weight_decay = n[0], n[1], n[2], n[3], n[4]
    decay, decoupled, maximize = n[5], n[6], n[7]
    for i in range(len(params)):
        p, mean = params[i], exp_avg[i]
        g = decayed(p, grads[i], lr, weight_decay, decoupled, maximize)
        t = moments(g, step[i], mean, exp_avg_sq[i], beta1, beta2)
        mu = beta1 * (1 - 0.5 * 0.96 ** (t * decay))
        mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * decay))
        product = float(mu_product[i].mul_(mu))
        root = exp_avg_sq[i].div(1 - beta2 ** t).sqrt_().add_(eps)
        p.addcdiv_(g, root, value=-lr * (1 - mu) / (1 - product))
        p.addcdiv_(mean, root, value=-lr * mu_next / (1 - product * mu_next))


def radam(params: List[Tensor], grads: List[Tensor], step: List[Tensor], exp_avg: List[Tensor],
          exp_avg_sq: List[Tensor], numbers: Tensor, first: bool):
    n: List[float] = numbers.tolist()
    lr, beta1, beta2, eps, weight_decay, decoupled, maximize = n[0], n[1], n[2], n[3], n[4], n[5], n[6]
    most = 2 / (1 - beta2) - 1
    for i in range(len(params)):
        g = decayed(params[i], grads[i], lr, weight_decay, decoupled, maximize)
        t = moments(g, step[i], exp_avg[i], exp_avg_sq[i], beta1, beta2)
        size = lr / (1 - beta1 ** t)
        left = 1 - beta2 ** t
        length = most - 2 * t * beta2 ** t / left
        if length > 5:
            rect = ((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)) ** 0.5
            params[i].addcdiv_(exp_avg[i], exp_avg_sq[i].sqrt().add_(eps), value=-size * rect * left ** 0.5)
        else:
            params[i].add_(exp_avg[i], alpha=-size)


# Scales gradients down to a norm of all of them together; gives the norm they had. Source: PyTorch, clip_grad_norm_.
def clip_norm(grads: List[Tensor], limit: Tensor) -> Tensor:
    norms = torch._foreach_norm(grads, 2)
    total = torch.stack([norm.float() for norm in norms]).norm()
    torch._foreach_mul_(grads, (float(limit) / (total + 1e-6)).clamp(max=1.0))
    return total


# Cuts gradients to lie between minus a number and it.
def clip_value(grads: List[Tensor], limit: Tensor):
    torch._foreach_clamp_min_(grads, -float(limit))
    torch._foreach_clamp_max_(grads, float(limit))


# Averages that move by a part of the way to what is there now.
def average(averages: List[Tensor], now: List[Tensor], weight: Tensor):
    torch._foreach_lerp_(averages, now, float(weight))
