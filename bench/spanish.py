"""Made-up mails of about 400 letters, with words that occur always, often, seldom and hardly ever."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import chain

from zaguan.lib.folding import words_of

# In about half of all messages, in one of a hundred, in one of a thousand, and in twenty tickets altogether.
COMMON, MIDDLE, SELDOM, RARE = "factura", "albaricoque", "tornasol", "calidoscopio"
WORDS = """hola buenos días gracias por favor necesito ayuda con el pedido que hice la semana pasada todavía no llegó
la impresora del segundo piso muestra un mensaje extraño cuando intento imprimir quisiera saber estado mi envío
cuenta usuario contraseña acceso portal clientes error página equipo técnico revisar instalación servicio contrato
adjunto encontrarán copia comprobante pago transferencia banco número referencia fecha entrega dirección bodega
producto dañado caja garantía cambio devolución reembolso descuento cotización precio cantidad modelo repuesto
reunión mañana tarde llamada teléfono correo respuesta urgente espero pronto atentamente saludos cordiales equipo
señor señora doctor ingeniera gerente compras logística operaciones sistemas facturación soporte ventas almacén
según hablamos ayer les confirmo que podemos esperar hasta viernes además quería preguntar si es posible agregar
otra unidad al mismo despacho porque nuestros proveedores están retrasados también observamos pequeñas diferencias
entre cantidades solicitadas recibidas durante último mes aunque después corrigieron parcialmente situación actual
línea conexión lenta red servidor pantalla teclado cargador batería licencia actualización versión aplicación móvil
cancelar suscripción renovar plan anual mensual cobro doble tarjeta crédito débito recibo impuesto razón social""".split()
SUBJECTS = """Consulta sobre el pedido|No puedo entrar al portal|Error al imprimir|Cambio de dirección de entrega|
Cobro doble en la tarjeta|Solicitud de cotización|Equipo dañado en el envío|Renovación del contrato|
Problema con la conexión|Duda sobre la garantía|Cancelar la suscripción|Reunión de seguimiento|
Falta un repuesto en la caja|Actualizar datos de la cuenta|Reembolso pendiente|La aplicación se cierra sola""".split(
    "|"
)
FIRST = """Ana Luis María Carlos Lucía Jorge Sofía Andrés Elena Pablo Camila Diego Valentina Martín Paula Tomás Inés
Raúl Noelia Óscar Beatriz Iván Rocío Hugo Núria Joana Thiago Larissa João Renata""".split()
LAST = """García Rodríguez Martínez López Pérez Gómez Sánchez Díaz Torres Ramírez Muñoz Rojas Castro Ortiz Núñez Silva
Souza Oliveira Pereira Costa Vargas Herrera Medina Aguilar Peña Ibáñez Quiroga Zapata Valdés Cárdenas""".split()


@dataclass(slots=True)
class Sentence:
    text: str
    words: list[str]


class Writer:
    """Writes the same texts for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self.random = random.Random(seed)
        self._sentences = [self._sentence(self._words(11)) for _n in range(20_000)]
        self._special = {
            word: self._sentence(f"{word} {self._words(9)}".split())
            for word in (COMMON, MIDDLE, SELDOM, RARE)
        }

    def _words(self, count: int) -> str:
        # A desk has thousands of words of its own: products, names, codes.
        return " ".join(
            self.random.choice(WORDS) if self.random.random() < 0.93 else self._invented()
            for _n in range(count)
        )

    def _invented(self) -> str:
        return "".join(self.random.choice("bcdfglmnprstv") + self.random.choice("aeiou") for _n in range(4))

    def _sentence(self, words: str | list[str]) -> Sentence:
        text = words if isinstance(words, str) else " ".join(words)
        text = text[0].upper() + text[1:] + "."
        return Sentence(text, words_of(text))

    def message(self, *, rare: bool = False) -> Sentence:
        """One message, with the words that it will be found by."""
        number = self.random.random()
        parts = self.random.choices(self._sentences, k=5)
        if number < 0.5:
            parts[0] = self._special[COMMON]
        if number < 0.01:
            parts[1] = self._special[MIDDLE]
        if number < 0.001:
            parts[2] = self._special[SELDOM]
        if rare:
            parts[3] = self._special[RARE]
        order = f"{self.random.randrange(10**6):06d}"
        text = " ".join([part.text for part in parts]) + f" Orden {order}."
        words = list(chain.from_iterable([part.words for part in parts]))
        words += ("orden", order)
        return Sentence(text, words)

    def vocabulary(self) -> set[str]:
        """Every word that may occur in a message, but for the numbers."""
        return {word for sentence in (*self._sentences, *self._special.values()) for word in sentence.words}

    def subject(self) -> str:
        """A subject line."""
        return self.random.choice(SUBJECTS).strip()

    def name(self) -> str:
        """A person's name."""
        return f"{self.random.choice(FIRST)} {self.random.choice(LAST)} {self.random.choice(LAST)}"
